// What is held against Slack's own types.
import type {
  AgentSessionStoppedEvent,
  AllMessageEvents,
  AppHomeOpenedEvent,
  AppMentionEvent,
  HomeView,
  KnownBlock,
  ModalView,
} from '@slack/types';
import type { AgentsSessionsSetStatusArguments, AppsManifestCreateArguments } from '@slack/web-api';

export interface Message {
  text: string;
  blocks?: KnownBlock[];
}
export type View = HomeView | ModalView;
export type Event = AgentSessionStoppedEvent | AllMessageEvents | AppHomeOpenedEvent | AppMentionEvent;
export type AppManifest = AppsManifestCreateArguments['manifest'];
export type SetStatus = AgentsSessionsSetStatusArguments;
