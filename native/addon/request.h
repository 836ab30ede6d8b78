/* The request of a call, as it comes from the client. */
#ifndef PREFORK_REQUEST_H
#define PREFORK_REQUEST_H

#include "call.h"

/* Reads the request by a moment of monotonic_ms(), extended or of version 1 as the call says, and fills in
 * the call. False: it ended early, or makes no sense. Nothing has run then, and the process is to end: what
 * was received stays as it is. */
bool request_read(int socket, struct call *call, int64_t until_ms);

#endif
