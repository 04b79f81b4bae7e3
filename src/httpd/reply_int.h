/* Replies, as libmicrohttpd takes them. */
#ifndef FF_HTTPD_REPLY_INT_H
#define FF_HTTPD_REPLY_INT_H

#include "request_int.h"

/* Hands the reply of req over; on the listener thread. MHD_NO ends the connection. */
enum MHD_Result reply_queue(struct request *req);
/* The 503 of a request whose owner did not come back before the listener was stopped. */
enum MHD_Result reply_queue_stopping(struct request *req);

#endif
