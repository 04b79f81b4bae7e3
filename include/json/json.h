/*
 * json: JSON text in and out. Calls core; json-c stays inside.
 *
 *   jr   reads what strangers sent: strict, within limits, typed getters that never fail
 *   jw   writes a stream into a buffer
 *   jcs  the canonical spelling of what jr has read
 *
 * What jw writes jr reads (within the limits). Neither knows anything of ActivityPub.
 *
 * This page is a map; include the headers that are used, not this one.
 */
#ifndef FF_JSON_JSON_H
#define FF_JSON_JSON_H
#endif
