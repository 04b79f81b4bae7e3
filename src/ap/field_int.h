/* Reading properties that objects and actors share. */
#ifndef FF_AP_FIELD_INT_H
#define FF_AP_FIELD_INT_H

#include "ap/ap.h"

/* A page for people: a string, a Link, or several of both: the first that is text/html, else the
 * first. */
struct str ap_page_url(const struct ap_reader *reader, struct jr url);
/* A picture: an address, an object or several, of which the widest counts (PeerTube). */
struct str ap_picture(const struct ap_reader *reader, struct jr images);
/* What the first of them shows, in words, as it came; absent when that is not said. */
struct str ap_picture_name(struct jr images);
/* Pixels; 0 when it is no such number. */
uint32_t ap_dimension(struct jr v);
/* Is it one of the spellings of the Public collection? */
bool ap_is_public(struct jr field);
/* At most max bytes of a text, whole characters. */
struct str ap_cut(struct str text, size_t max);
/* RC_OK, or that memory ran out on the way: then parts are missing that nobody would miss. */
enum rc ap_complete(const struct ap_reader *reader);

#endif
