/* How a process becomes a call. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adopt.h"
#include "bindings.h"
#include "call.h"
#include "clock.h"
#include "engine.h"
#include "kept.h"
#include "server.h"
#include "signals.h"
#include "title.h"

static napi_value call_to_object(napi_env env, const struct call *call, bool zone_changed) {
    napi_value result, list, value;
    napi_create_object(env, &result);
    napi_create_array_with_length(env, call->argument_count, &list);
    for (size_t i = 0; i < call->argument_count; i++) {
        napi_create_string_utf8(env, call->arguments[i], NAPI_AUTO_LENGTH, &value);
        napi_set_element(env, list, (uint32_t)i, value);
    }
    set_own(env, result, "arguments", list);
    napi_get_boolean(env, zone_changed, &value);
    set_own(env, result, "timeZoneChanged", value);
    napi_create_int32(env, getpid(), &value);
    set_own(env, result, "pid", value);
    return result;
}

static napi_value adopt(napi_env env, struct call *call) {
    const char *zone = getenv("TZ");
    char *zone_before = zone ? strdup(zone) : NULL;
    const char *problem = adopt_call(call);
    zone = getenv("TZ");
    bool changed = zone && zone_before ? strcmp(zone, zone_before) != 0 : zone != zone_before;
    free(zone_before);
    if (problem) call_refuse(problem);
    call_hand_over(call);
    return call_to_object(env, call, changed);
}

/* awaitCall(): { arguments, timeZoneChanged, pid } once there is a call and this process has become it */
static napi_value await_call(napi_env env, napi_callback_info info) {
    static struct call call;
    (void)info;
    const struct call_source source = server_call_source();
    call_await(&source, &call);
    if (source.first < 0) {
        clock_restart();
        title_show(&call);
    }
    napi_value result = adopt(env, &call);
    signals_restore_mask();
    return result;
}

/* adoptFirstCall(connection, reason): as awaitCall, in a setup that cannot fork; null when the client went
 * away */
static napi_value adopt_first_call(napi_env env, napi_callback_info info) {
    static struct call call;
    napi_value arguments[2];
    arguments_of(env, info, arguments, 2);
    engine_stop();
    char *reason = text_of(env, arguments[1]);
    kept_compare();
    bool ready = call_read_unforked(int_of(env, arguments[0]), reason ? reason : "", &call);
    free(reason);
    return ready ? adopt(env, &call) : text_or_null(env, NULL);
}

const struct binding call_bindings[] = {
    {"awaitCall", await_call},
    {"adoptFirstCall", adopt_first_call},
    {NULL, NULL},
};
