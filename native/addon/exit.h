/* Every way out of an executor. */
#ifndef PREFORK_EXIT_H
#define PREFORK_EXIT_H

#include <node_api.h>
#include <stdbool.h>

/* In the server. `keeps_code_of_exit_event`: the code that an 'exit' listener takes back counts all the same.
 * Returns NULL, or why the way out cannot be taken over (a static string). */
const char *exit_prepare(napi_env env, void *node_environment, bool keeps_code_of_exit_event);

/* In the executor. Returns NULL, or what failed. */
const char *exit_take_over(napi_env env, bool uv_pool_died);

void exit_on_status(void (*callback)(int wait_status, void *context), void *context);

#endif
