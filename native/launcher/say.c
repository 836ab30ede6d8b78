#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "settings.h"
#include "write_signals.h"

#define PREFIX "prefork-interp: "

/* In one write, so that the lines of many callers do not mix. A message that cannot be written is lost: there
 * is nobody left to tell. */
static void write_line(const char *format, va_list arguments) {
    char line[2048] = PREFIX;
    size_t room = sizeof line - sizeof PREFIX;
    int wanted = vsnprintf(line + sizeof PREFIX - 1, room, format, arguments);
    size_t length = wanted < 0 ? 0 : (size_t)wanted;
    if (length >= room) length = room - 1;
    length += sizeof PREFIX - 1;
    line[length++] = '\n';
    uint64_t mask = hold_write_signals();
    release_write_signals(mask, write(STDERR_FILENO, line, length) < 0);
}

void say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}

void say_debug(const char *format, ...) {
    if (!is_set("PREFORK_INTERP_DEBUG")) return;
    va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}

noreturn void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
    _exit(EXIT_LAUNCHER);
}
