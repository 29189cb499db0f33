import type { JSX } from 'preact';
import { connection } from '../../live/socket.ts';

/** Says that what is on the page is no longer live; goes away by itself when it is again. */
export function ConnectionStrip(): JSX.Element {
  return (
    <div role="status">
      {connection.value === 'lost' && (
        <div class="strip">
          <i class="dot" />
          <span>
            <strong>Connection lost, trying again.</strong> What you see is from before.
          </span>
        </div>
      )}
    </div>
  );
}
