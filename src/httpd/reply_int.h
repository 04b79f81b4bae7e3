/* Replies, as libmicrohttpd takes them. */
#ifndef FF_HTTPD_REPLY_INT_H
#define FF_HTTPD_REPLY_INT_H

#include "httpd/file.h"
#include "request_int.h"

/* Hands the reply of req over; on the listener thread. MHD_NO ends the connection. */
enum MHD_Result reply_queue(struct request *req);
/* The 503 of a request whose owner did not come back before the listener was stopped. */
enum MHD_Result reply_queue_stopping(struct request *req);
/* Answers with length bytes of a file from offset on; takes its descriptor over. */
void reply_set_file(struct httpd_request *pub, unsigned status, const struct httpd_file *file,
		    uint64_t offset, uint64_t length);

#endif
