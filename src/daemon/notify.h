/* Telling a service manager how the node is (sd_notify(3)), without its library. */
#ifndef FF_DAEMON_NOTIFY_H
#define FF_DAEMON_NOTIFY_H

#include <stdint.h>

/* Sends "READY=1" and the like to $NOTIFY_SOCKET; nothing when there is none. */
void notify_send(const char *state);
/* How often, in ms, the service manager wants to hear WATCHDOG=1; 0 when it does not. */
uint64_t notify_watchdog_ms(void);

#endif
