/*
 * Two calls share a server only if initialisation would have gone the same way for both: the base has what
 * counts always, the world what initialisation looked at: variables, directory, terminals. That is known from
 * the file of looks, which servers write (docs/design.md).
 */
#include "ident.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base.h"
#include "plain.h"
#include "request.h"
#include "rundir.h"
#include "say.h"
#include "settings.h"
#include "whereabouts.h"
#include "world.h"

extern char **environ;

/* A directory that cannot be looked at is as good as any other such. */
static void look_at_world(struct call *call, struct world *world) {
    const char *problem = hash_base(call, world->base, NULL);
    if (problem && call->options.kill) die("%s", problem);
    if (problem) run_plainly(call, "%s", problem);
    if (!call->options.any_directory) find_whereabouts("", world->directory);
    for (int fd = 0; fd < 3; fd++)
        world->terminals[fd] = call->standard[fd].terminal;
    world->any_directory = call->options.any_directory;
    world->environment = environ;
}

static void check_room(struct call *call, size_t least) {
    if (strlen(call->directory) + strlen("/s") + least < sizeof call->address.sun_path) return;
    if (call->options.kill) die("the path of the socket in %s would be too long", call->directory);
    run_plainly(call, "the path of the socket in %s would be too long", call->directory);
}

/* Cut where it would be too long; no more than check_room allows. */
static void set_ident(struct call *call, const char *ident) {
    char *path = call->address.sun_path;
    size_t before = strlen(call->directory) + strlen("/s");
    size_t length = strnlen(ident, sizeof call->address.sun_path - before - 1);
    call->address.sun_family = AF_UNIX;
    stpcpy(stpcpy(path, call->directory), "/s");
    memcpy(path + before, ident, length);
    path[before + length] = '\0';
    call->ident = path + before;
}

/* Initialisations may have looked at more since the last time. */
static void name_world(struct call *call, struct parts *parts) {
    static struct looks looks;
    char ident[IDENT_DIGITS + 1];
    if (call->interpreter.node) looks_read(call->directory_fd, call->looks.text, &looks);
    if (looks.umask) call->world.umask = read_umask();
    world_ident(&call->world, &looks, ident, parts);
    set_ident(call, ident);
}

void name_server(struct call *call) {
    check_room(call, call->options.ident ? strlen(call->options.ident) : IDENT_DIGITS_MIN);
    if (call->options.ident) {
        set_ident(call, call->options.ident);
        return;
    }
    look_at_world(call, &call->world);
    call->looks = looks_name(call->world.base);
    name_world(call, NULL);
}

bool rename_server(struct call *call) {
    char before[sizeof call->address.sun_path];
    strcpy(before, call->address.sun_path);
    if (!call->options.ident) name_world(call, NULL);
    return strcmp(before, call->address.sun_path) != 0;
}

/* Of -g's ident nothing is known. */
static void describe(struct call *call, struct parts *parts) {
    uint8_t digest[SHA256_SIZE];
    if (call->options.ident) return;
    hash_base(call, digest, parts);
    name_world(call, parts);
}

static void tell_parts(struct parts *parts) {
    for (char *rest = parts->text, *line; (line = strsep(&rest, "\n")) && rest;)
        say("the ident covers %s", line);
}

void explain_ident(struct call *call) {
    static struct parts parts;
    if (!is_set("PREFORK_INTERP_DEBUG")) return;
    if (call->options.ident) {
        say("the ident of %s is %s, as -g says, and covers nothing else", script_name(call), call->ident);
        return;
    }
    say("the ident of %s is %s", script_name(call), call->ident);
    describe(call, &parts);
    parts.text[parts.size] = '\0';
    tell_parts(&parts);
}

static void write_whole(int fd, const char *text, size_t size) {
    while (size) {
        ssize_t n = write(fd, text, size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) die("cannot write to descriptor %d: %s", fd, strerror(errno));
        text += n;
        size -= (size_t)n;
    }
}

noreturn void print_ident(struct call *call) {
    static struct parts parts;
    int fd = call->options.explain_to;
    describe(call, &parts);
    write_whole(fd, call->ident, strlen(call->ident));
    write_whole(fd, "\n", 1);
    write_whole(fd, parts.text, parts.size);
    _exit(0);
}
