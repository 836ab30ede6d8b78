/* What is open on Node's event loop: handles with a descriptor, a thread or a process behind them cannot be
 * shared by forks. */
#ifndef PREFORK_HANDLES_H
#define PREFORK_HANDLES_H

#include <node_api.h>
#include <stddef.h>

/* Writes the kinds of such handles ("tcp", "process", ...) and "request" for a request in flight into `list`,
 * joined by ", ". Empty when there are none. Handles of descriptors 0 to 2, and of the terminal or pipe that
 * 1 and 2 lead to, do not count. */
void handles_describe(napi_env env, char *list, size_t size);

#endif
