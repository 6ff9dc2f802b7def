import type { Travis } from '../../travis/client.ts';
import type { AppLooking } from '../check.ts';

/** What is known besides where the app's repository is at hand. */
export interface DeliveryLooking extends AppLooking {
  /** The app's repository on this machine. */
  dir?: string;
  /** "owner/name" at GitHub. */
  slug?: string;
  /** Absent without a token for Travis CI. */
  travis?: Travis;
}
