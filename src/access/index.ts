export {AccessGate, type AccessGateOptions, type AccessRequest, OPEN, type Principal} from './access-gate.ts';
export {ApiKeys, type KeptKey} from './api-keys.ts';
export {type AuditChange, AuditLog, type AuditQuery} from './audit-log.ts';
export {checkedKeyRequest} from './key-request.ts';
export {hashOf, makeToken, type RandomBytes, tokenText, withoutSecrets} from './key-token.ts';
export {RateLimited} from './rate-limited.ts';
export {bitsOf} from './scopes.ts';
