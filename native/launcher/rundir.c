#include "rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "plain.h"
#include "say.h"

#define NAME "prefork-interp-node"

/* With --kill there is nothing to run instead. */
noreturn static void give_up(struct call *call, const char *what, const char *why) {
    if (call->options.kill) die("cannot use the directory for sockets, %s: %s", what, why);
    run_plainly(call, "the directory for sockets, %s, cannot be used: %s", what, why);
}

static void set_directory(struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void set_directory(struct call *call, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(call->directory, sizeof call->directory, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof call->directory) give_up(call, NAME, "its path is too long");
}

/* /run/user/UID of somebody else, or none, is no reason to give up. */
static bool use_run_user(struct call *call) {
    struct stat base;
    char path[64];
    snprintf(path, sizeof path, "/run/user/%u", (unsigned)geteuid());
    if (lstat(path, &base) != 0 || !S_ISDIR(base.st_mode) || base.st_uid != geteuid()) return false;
    set_directory(call, "%s/" NAME, path);
    return true;
}

static void choose_directory(struct call *call) {
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    if (runtime && *runtime == '/') {
        set_directory(call, "%s/" NAME, runtime);
        return;
    }
    if (use_run_user(call)) return;
    const char *home = getenv("HOME");
    struct utsname host;
    if (!home || *home != '/') give_up(call, NAME, "neither XDG_RUNTIME_DIR nor HOME is set");
    if (uname(&host) != 0) give_up(call, NAME, strerror(errno));
    set_directory(call, "%s/." NAME "/%s", home, host.nodename);
}

static int open_directory(const char *path) {
    return open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Makes the directory, and the one above it if that is missing: ~/.prefork-interp-node is ours as well. */
static void make_directory(struct call *call) {
    char *slash = strrchr(call->directory, '/');
    if (mkdir(call->directory, 0700) == 0 || errno == EEXIST) return;
    if (errno != ENOENT || !strstr(call->directory, "/." NAME "/")) return;
    *slash = '\0';
    bool made = mkdir(call->directory, 0700) == 0 || errno == EEXIST;
    *slash = '/';
    if (made) mkdir(call->directory, 0700);
}

/* Checked on what was opened, so that it cannot be exchanged between the check and the use. */
static void check_owner(struct call *call) {
    struct stat file;
    if (fstat(call->directory_fd, &file) != 0) give_up(call, call->directory, strerror(errno));
    if (file.st_uid != geteuid()) give_up(call, call->directory, "it belongs to somebody else");
    if (file.st_mode & 077)
        give_up(call, call->directory, "others have access to it (its mode must be 0700)");
}

void open_rundir(struct call *call) {
    choose_directory(call);
    call->directory_fd = open_directory(call->directory);
    if (call->directory_fd < 0 && errno == ENOENT) {
        if (call->options.kill && !call->options.explain) _exit(0); /* no directory, no server */
        make_directory(call);
        call->directory_fd = open_directory(call->directory);
    }
    if (call->directory_fd < 0) give_up(call, call->directory, strerror(errno));
    check_owner(call);
}

struct entry_name entry_name(const struct call *call, char letter) {
    struct entry_name name;
    snprintf(name.text, sizeof name.text, "%c%s", letter, call->ident);
    return name;
}

void remove_entry(const struct call *call, char letter) {
    struct entry_name name = entry_name(call, letter);
    if (unlinkat(call->directory_fd, name.text, 0) != 0 && errno != ENOENT)
        say("cannot remove %s/%s: %s", call->directory, name.text, strerror(errno));
}
