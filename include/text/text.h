/*
 * text: the words of strangers and of people, made safe and canonical. Calls core; inside, libidn2
 * for host names, libxml2's HTML parser for markup and libunistring for Unicode.
 *
 *   iri    IRIs and authorities: strict parser, the one canonical form
 *   acct   handles: user@host
 *   email  addresses that can be written to
 *   emoji  one emoji and not two; shortcodes, and pictures for them in texts
 *   match  finding words without regard to case
 *   words  the words of a text as they are searched for
 *   recur  dates that recur; zone: the clocks of places; ical: calendars
 *   html   sanitiser, text of markup, composing posts, cleaning text, hashtags, language tags
 *
 * All functions are stateless and may be called by any thread. Results live in the arena of the
 * context.
 *
 * This page is a map; include the headers that are used, not this one.
 */
#ifndef FF_TEXT_TEXT_H
#define FF_TEXT_TEXT_H
#endif
