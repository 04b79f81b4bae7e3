/*
 * crypt: keys, digests, HTTP signatures and secrets as pure functions. Calls core and OpenSSL,
 * which stays inside.
 *
 *   digest   SHA-256, HMAC, the Digest and Content-Digest header fields
 *   key      RSA and Ed25519 keys: made, read from peers, stored, signed and verified with
 *   httpsig  HTTP signatures: draft-cavage-http-signatures-12 and RFC 9421
 *   proof    integrity proofs: eddsa-jcs-2022 over canonical bytes
 *   secret   password hashes; sealing of secrets at rest
 *   p256     keys on the curve P-256
 *   push     web push: messages and tokens
 *   totp     one-time passwords by time
 *   webauthn passkeys
 *
 * This page is a map; include the headers that are used, not this one.
 */
#ifndef FF_CRYPT_CRYPT_H
#define FF_CRYPT_CRYPT_H
#endif
