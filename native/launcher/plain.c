#include "plain.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "news.h"
#include "say.h"

const char *script_name(const struct call *call) {
    return call->options.script ? call->options.script : call->options.interpreter;
}

char **interpreter_argv(const struct call *call) {
    const struct options *options = &call->options;
    char **argv = calloc(options->interpreter_argument_count + options->argument_count + 3, sizeof *argv);
    size_t n = 0;
    if (!argv) die("cannot run %s: no memory", options->interpreter);
    argv[n++] = options->interpreter;
    for (size_t i = 0; i < options->interpreter_argument_count; i++)
        argv[n++] = options->interpreter_arguments[i];
    if (options->script) argv[n++] = options->script;
    for (size_t i = 0; i < options->argument_count; i++)
        argv[n++] = options->arguments[i];
    return argv;
}

noreturn static void execute(struct call *call) {
    char **argv = interpreter_argv(call);
    give_signals_back(&call->signals);
    execv(call->interpreter.path, argv);
    die("cannot run the interpreter, %s: %s", call->interpreter.path, strerror(errno));
}

void not_warm(const struct call *call, const char *why) {
    say("%s is not warm: %s", script_name(call), why);
    _exit(1);
}

noreturn void run_plainly(struct call *call, const char *why, ...) {
    char reason[REASON_ROOM];
    va_list arguments;
    va_start(arguments, why);
    vsnprintf(reason, sizeof reason, why, arguments);
    va_end(arguments);
    if (call->options.warm) not_warm(call, reason);
    if (!call->options.own && is_news(call, reason)) say("running %s plainly: %s", script_name(call), reason);
    execute(call);
}

noreturn void run_plainly_this_time(struct call *call, const char *why, ...) {
    char reason[REASON_ROOM];
    va_list arguments;
    va_start(arguments, why);
    vsnprintf(reason, sizeof reason, why, arguments);
    va_end(arguments);
    if (call->options.warm) not_warm(call, reason);
    if (!call->options.own) say("running %s plainly: %s", script_name(call), reason);
    execute(call);
}

noreturn void run_plainly_silently(struct call *call, const char *why) {
    if (call->options.warm) not_warm(call, why);
    say_debug("running %s plainly: %s", script_name(call), why);
    execute(call);
}
