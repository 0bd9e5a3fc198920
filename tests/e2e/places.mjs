// Who is where in a Playground: one person of an organisation, and a team with channels.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = '.m365agentsplayground.yml';
const TENANT = '00000000-0000-0000-0000-000000000001';
const BOT = { id: '00000000-0000-0000-0000-000000000011', name: 'Test Bot' };
const COLLEAGUES = 5; // fewer, and the Playground ends without a word

export const ANN = person('ann', 'Ann Baker', 20);
export const KIM = person('kim', '김민지', 21);

function person(id, name, number) {
  const [givenName, surname = ''] = name.split(' ');
  return {
    id: `user-${id}`,
    name,
    userPrincipleName: `${id}@example.com`,
    aadObjectId: `00000000-0000-0000-0000-0000000000${number}`,
    givenName,
    surname,
    email: `${id}@example.com`,
  };
}

// Writes into `folder` that `user` sits in the team `team`. Ids that two Playgrounds share would be one
// place for the bot, so each is named after its team.
export function furnish(folder, user, team) {
  const id = team.toLowerCase();
  const config = {
    version: '0.1.1',
    tenantId: TENANT,
    bot: BOT,
    currentUser: user,
    users: Array.from({ length: COLLEAGUES }, (_, n) => person(`${id}-${n}`, `${team} ${n}`, 40 + n)),
    personalChat: { id: `${id}-personal` },
    groupChat: { id: `${id}-group`, name: 'Group Chat' },
    team: {
      id: `${id}-team`,
      name: team,
      aadGroupId: '00000000-0000-0000-0000-000000000031',
      channels: [{ id: `${id}-tickets`, name: 'Tickets' }],
    },
  };
  writeFileSync(join(folder, FILE), JSON.stringify(config)); // which YAML reads as well
}
