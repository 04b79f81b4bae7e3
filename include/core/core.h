/*
 * core: the words the other modules are written in. Calls nothing but the C library.
 *
 *   attr, must      compiler attributes; promises that end the process when broken
 *   rc, ctx         results and their first cause; what a piece of work carries along
 *   str, buf, arena views, growing bytes, memory of one request
 *   map, nearest    strings to pointers; the known name that was meant
 *   clock, date     time, injected; dates as text
 *   random, enc     random bytes; hex, base64, percent-encoding
 *   limit           how often somebody may do something
 *   utf8            code points
 *   bus             events, told to whoever listens in this process
 *   log, metric     the tables of events and of metrics
 *
 * This page is a map; include the headers that are used, not this one.
 */
#ifndef FF_CORE_CORE_H
#define FF_CORE_CORE_H
#endif
