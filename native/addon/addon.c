/*
 * The addon: only what JavaScript cannot do, or must not do after a fork. lib/addon.ts types what is exported
 * here.
 */
#include <node_api.h>

#include "bindings.h"
#include "log.h"
#include "values.h"

static bool export_all(napi_env env, napi_value exports, const struct binding *bindings) {
    for (; bindings->name; bindings++) {
        napi_value function;
        if (napi_create_function(env, bindings->name, NAPI_AUTO_LENGTH, bindings->call, NULL, &function) !=
                napi_ok ||
            !set_own(env, exports, bindings->name, function))
            return false;
    }
    return true;
}

/* What the macro below defines, declared first: the headers do not. */
NAPI_MODULE_EXPORT int32_t NODE_API_MODULE_GET_API_VERSION(void);
NAPI_MODULE_EXPORT napi_value NAPI_MODULE_INITIALIZER(napi_env env, napi_value exports);

NAPI_MODULE_INIT(/* napi_env env, napi_value exports */) {
    const struct binding *const parts[] = {setup_bindings,  server_bindings, call_bindings,
                                           stream_bindings, log_bindings,    entry_bindings};
    log_find_file();
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!export_all(env, exports, parts[i])) return NULL;
    return exports;
}
