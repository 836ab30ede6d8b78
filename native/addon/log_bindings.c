/* The log, for the server and its watcher. */
#include <stdlib.h>

#include "bindings.h"
#include "log.h"

/* openLog({ script, facility, socket, watcher }) */
static napi_value open_log(napi_env env, napi_callback_info info) {
    napi_value object;
    arguments_of(env, info, &object, 1);
    char *script = text_property(env, object, "script"), *socket = text_property(env, object, "socket");
    log_open(&(struct log_options){
        .script = script ? script : "",
        .facility = (int)number_property(env, object, "facility"),
        .socket = socket ? socket : "",
        .watcher = (int)number_property(env, object, "watcher"),
    });
    return text_or_null(env, NULL);
}

/* log(severity, text) */
static napi_value log_text(napi_env env, napi_callback_info info) {
    napi_value arguments[2];
    arguments_of(env, info, arguments, 2);
    char *text = text_of(env, arguments[1]);
    log_line(int_of(env, arguments[0]), "%s", text ? text : "");
    free(text);
    return text_or_null(env, NULL);
}

/* appendLog(pid, script, text) */
static napi_value append_log(napi_env env, napi_callback_info info) {
    napi_value arguments[3];
    arguments_of(env, info, arguments, 3);
    char *script = text_of(env, arguments[1]), *text = text_of(env, arguments[2]);
    if (script && text) log_append(int_of(env, arguments[0]), script, text);
    free(script);
    free(text);
    return text_or_null(env, NULL);
}

/* syslogMessage(priority, pid, script, text) */
static napi_value syslog_message(napi_env env, napi_callback_info info) {
    napi_value arguments[4];
    char message[LOG_MESSAGE_MAX] = "";
    arguments_of(env, info, arguments, 4);
    int priority = int_of(env, arguments[0]), pid = int_of(env, arguments[1]);
    char *script = text_of(env, arguments[2]), *text = text_of(env, arguments[3]);
    if (script && text) log_syslog_message(priority, pid, script, text, message, sizeof message);
    free(script);
    free(text);
    return text_or_null(env, message);
}

/* sendLog(socket, message): whether it could be sent without waiting */
static napi_value send_log(napi_env env, napi_callback_info info) {
    napi_value arguments[2];
    arguments_of(env, info, arguments, 2);
    char *socket = text_of(env, arguments[0]), *message = text_of(env, arguments[1]);
    bool sent = message && log_send(socket, message);
    free(socket);
    free(message);
    return truth(env, sent);
}

const struct binding log_bindings[] = {
    {"openLog", open_log}, {"log", log_text}, {"appendLog", append_log}, {"syslogMessage", syslog_message},
    {"sendLog", send_log}, {NULL, NULL},
};
