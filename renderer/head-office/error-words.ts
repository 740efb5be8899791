/** What went wrong, as a sentence. Rule kept: every error of the contract has its words; no code is shown. */
import type { Failure } from './api.ts';
import type { OfficeSay } from './office-words.ts';

export function errorText(error: Failure, say: OfficeSay): string {
  switch (error.type) {
    case 'NoAnswer':
      return say('noAnswer');
    case 'Fault':
      return say('fault', { id: error.incidentId });
    case 'NotSignedIn':
      return say('sessionOver');
    case 'SignInWrong':
    case 'CodeNeeded':
      return say('wrongSignIn');
    case 'CodeUnreadable':
      return say('codeUnreadable');
    case 'LockedOut':
      return say('lockedOut', { n: Math.max(1, Math.ceil((error.untilMs - Date.now()) / 60_000)) });
    case 'TooMany':
      return say('tooMany', { n: Math.max(1, Math.ceil(error.afterMs / 1000)) });
    case 'NotAllowed':
      return say('notAllowed');
    case 'NotFound':
      return say('notFound');
    case 'InputInvalid':
      return say('inputInvalid');
    case 'InviteInvalid':
      return say('inviteInvalid');
    case 'EmailTaken':
      return say('emailTaken');
    case 'PasswordWeak':
      return say('passwordWeak', { n: error.minLength });
  }
}
