"""Microsoft Teams: activities are posted to us, Adaptive Cards go back."""
