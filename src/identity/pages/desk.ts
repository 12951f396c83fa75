import type { Guessing } from '../../app/guessing.ts';
import type { Identity } from '../../app/identity.ts';
import type { MemberRole } from '../../domain/access/actor.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Auth } from '../auth.ts';
import type { BrowserCookie } from '../browserCookie.ts';
import type { Sessions } from '../sessions.ts';

/** An organization as its members see it in a list. */
export interface OwnOrganization {
  readonly slug: string;
  readonly name: string;
  readonly role: MemberRole;
}

/** An invitation that can be accepted, as whoever holds its token may see it. */
export interface OpenInvitation {
  readonly organizationName: string;
  readonly organizationSlug: string;
  readonly email: string;
  readonly role: MemberRole;
  /** Null when it was sent with a key. */
  readonly inviterName: string | null;
  /** Whether the token came with the mail, and with nothing else: whoever has it reads mail to the address. */
  readonly isMailed: boolean;
  /** Whether somebody has an account of this address already; false, whatever is so, unless {@link isMailed}. */
  readonly isKnown: boolean;
}

/** Invitations, as far as their page needs them. */
export interface Invitations {
  /** The invitation behind a token; null when it cannot be accepted any more. */
  describe(token: string): Promise<OpenInvitation | null>;
  /**
   * Makes the person a member; answers why not, in a sentence, or null when they are. `isNew`: their account was made
   * for it.
   */
  accept(token: string, userId: string, isNew: boolean): Promise<string | null>;
}

/** What the pages ask about superadmins, and for them. */
export interface Superadmins {
  is(userId: string): Promise<boolean>;
  /** Organizations whose slug begins with a text, or whose name has it; by slug, at most 20. */
  find(text: string): Promise<readonly { readonly slug: string; readonly name: string }[]>;
  /** Whether there is an organization of this slug. */
  exists(slug: string): Promise<boolean>;
}

/** What a person says of themselves when they choose a password. */
export interface ChosenDetails {
  readonly userId: string;
  readonly password: string;
  /** Null: as it is. */
  readonly name: string | null;
  /** Null: as it is. Lower case. */
  readonly email: string | null;
  /** The one session that goes on. */
  readonly sessionId: string;
}

/** What every page of sign-in works with. */
export interface Desk {
  auth(): Promise<Auth>;
  readonly sessions: Sessions;
  readonly guessing: Guessing;
  browserCookie(): BrowserCookie;
  /** Where people reach this installation, without a slash at the end. */
  publicUrl(): string;
  now(): Instant;
  /** The organizations a person is a member of. */
  organizationsOf(userId: string): Promise<readonly OwnOrganization[]>;
  readonly invitations: Invitations;
  readonly superadmins: Superadmins;
  /** Makes a person; null, with nothing made, when the address is taken. */
  createPerson: Identity['createPerson'];
  hasPassword(userId: string): Promise<boolean>;
  /** Another whenever the password of this address (lower case) is another; null when there is none. */
  passwordMark(email: string): Promise<string | null>;
  passwordIs(userId: string, password: string): Promise<boolean>;
  /** False, with nothing set, when the address is somebody else's. */
  setOwnDetails(details: ChosenDetails): Promise<boolean>;
  /** Whether there is a mail server. */
  readonly sendsMail: boolean;
  /** Mails a link to choose a new password if there is an account of this address; returns before anything is done. */
  requestReset(email: string, headers: Headers): void;
  /** Told of what failed unexpectedly. */
  onError(message: string, details: unknown): void;
  /** What the identity provider is called; null when there is none. */
  readonly oidcName: string | null;
}
