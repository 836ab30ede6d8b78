/* Descriptors, for the standard streams. */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bindings.h"

/* uv_guess_handle and the order of uv_handle_type are part of libuv's stable ABI; the N-API headers come
 * without uv.h. */
int uv_guess_handle(int descriptor);

/* kindOf(descriptor): which kind of stream Node makes of it */
static napi_value kind_of(napi_env env, napi_callback_info info) {
    napi_value descriptor;
    arguments_of(env, info, &descriptor, 1);
    switch (uv_guess_handle(int_of(env, descriptor))) {
    case 7:
        return text_or_null(env, "pipe");
    case 12:
        return text_or_null(env, "tcp");
    case 14:
        return text_or_null(env, "tty");
    case 15:
        return text_or_null(env, "udp");
    case 17:
        return text_or_null(env, "file");
    default:
        return text_or_null(env, "unknown");
    }
}

/* lead(number, descriptor): a number leads to where another descriptor leads; where that is closed it stays
 * as it was */
static napi_value lead(napi_env env, napi_callback_info info) {
    napi_value arguments[2];
    arguments_of(env, info, arguments, 2);
    dup3(int_of(env, arguments[1]), int_of(env, arguments[0]), O_CLOEXEC);
    return NULL;
}

static napi_value socket_pair(napi_env env, napi_callback_info info) {
    int ends[2];
    napi_value pair, end;
    (void)info;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        napi_throw_error(env, NULL, "cannot make a socket pair");
        return NULL;
    }
    napi_create_array_with_length(env, 2, &pair);
    for (uint32_t i = 0; i < 2; i++) {
        napi_create_int32(env, ends[i], &end);
        napi_set_element(env, pair, i, end);
    }
    return pair;
}

const struct binding stream_bindings[] = {
    {"kindOf", kind_of},
    {"lead", lead},
    {"socketPair", socket_pair},
    {NULL, NULL},
};
