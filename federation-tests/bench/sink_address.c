/* Loopback addresses as hosts. */
#include "sink_address.h"

uint32_t sink_address(unsigned host)
{
	return 0x7f000100U + ((host / 250U) << 8) + host % 250U + 1U;
}
