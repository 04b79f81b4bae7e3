/* How a search reaches other hosts: social's port, filled with what fed can do. */
#ifndef FF_DAEMON_SEARCH_PORT_H
#define FF_DAEMON_SEARCH_PORT_H

#include "fed/fed.h"
#include "social/search.h"

struct search_port search_port_of(struct fed *fed);

#endif
