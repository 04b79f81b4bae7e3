/* Where the sink's hosts are. */
#ifndef FF_BENCH_SINK_ADDRESS_H
#define FF_BENCH_SINK_ADDRESS_H

#include <stdint.h>

/* 127.0.1.1 and on, 250 hosts in each /24; in the order of the host's bytes. */
uint32_t sink_address(unsigned host);

#endif
