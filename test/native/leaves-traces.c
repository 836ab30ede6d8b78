/* An addon that says how it is left: by env cleanup hook, C atexit handler and destructor, a line on stderr
 * each. */
#include <node_api.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(const char *line) {
    if (write(2, line, strlen(line)) < 0) _exit(99);
}

static void clean_up(void *line) {
    say(line);
}

static void at_exit(void) {
    say("atexit handler\n");
}

__attribute__((destructor)) static void destroy(void) {
    say("destructor\n");
}

NAPI_MODULE_EXPORT napi_value NAPI_MODULE_INITIALIZER(napi_env env, napi_value exports);

NAPI_MODULE_INIT(/* napi_env env, napi_value exports */) {
    static char line[] = "cleanup hook\n";
    if (napi_add_env_cleanup_hook(env, clean_up, line) != napi_ok || atexit(at_exit) != 0) return NULL;
    return exports;
}
