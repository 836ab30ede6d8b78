/* What is open on Node's event loop: handles with a descriptor, a thread or a process behind them cannot be
 * shared by forks. */
#ifndef PREFORK_HANDLES_H
#define PREFORK_HANDLES_H

#include <node_api.h>

/* NULL, or the kinds of such handles ("tcp", "process", ...) and "request in flight", joined by ", ", with
 * the line that opened each where it is known. Handles of descriptors 0 to 2, and of the terminal or pipe
 * that 1 and 2 lead to, do not count. */
const char *handles_unforkable(napi_env env);

#endif
