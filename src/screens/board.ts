import type { Where } from '../commands/conversation.ts';
import type { Board } from '../commands/status.ts';
import { showStatus } from '../plain/status.ts';
import { Page } from '../plain/style.ts';
import { showWhere } from '../plain/where.ts';
import type { Status } from '../status/status.ts';
import { guidedConversation } from './conversation.ts';
import { type Exits, shownStage } from './shown-stage.tsx';

/** A status on a screen that is drawn anew with every look. The last one stays in the scrollback. */
export function guidedBoard(exits: Exits): Board {
  const screen = shownStage(exits);
  const { show } = screen;
  const conversation = guidedConversation(exits, screen);
  const seen = Promise.withResolvers<void>();
  let last: { where: Where; status: Status } | undefined;
  return {
    conversation: {
      ...conversation,
      where(where) {
        conversation.where(where);
        conversation.busy('Looking at the cluster and its apps…');
      },
      close() {
        conversation.close();
        if (!last) return;
        const page = new Page(process.stdout);
        showWhere(page, last.where);
        showStatus(page, last.status);
        last = undefined;
      },
    },
    show(where, status) {
      last = { where, status };
      show({ remark: undefined, scene: { kind: 'status', status, answer: seen.resolve } });
    },
    left: () => seen.promise,
  };
}
