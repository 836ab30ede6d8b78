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

#include "entry.h"
#include "plain.h"
#include "say.h"

#define NAME "prefork-interp-node"
#define OWN "own"

#define MISSING ((const char *)1) /* nothing to try there */

/* Where it may lie: each tells why it cannot be used, or MISSING, or null once it is open. */
static const char *use_runtime(struct call *call, bool make);
static const char *use_run_user(struct call *call, bool make);
static const char *use_home(struct call *call, bool make);

const char *find_rundir(struct call *call, bool make) {
    const char *why = use_runtime(call, make);
    if (why == MISSING) why = use_run_user(call, make);
    return why == MISSING ? use_home(call, make) : why;
}

/* What belongs to the management command lies apart, so that its server is neither listed nor counted. Null,
 * or why not. */
static const char *open_own(struct call *call);

/* With --kill there is nothing to run instead. */
noreturn static void give_up(struct call *call, const char *why) {
    const char *what = *call->directory ? call->directory : NAME;
    if (call->options.kill) die("cannot use the directory for sockets, %s: %s", what, why);
    run_plainly(call, "the directory for sockets, %s, cannot be used: %s", what, why);
}

void open_rundir(struct call *call) {
    bool ends = call->options.kill && !call->options.explain;
    const char *why = find_rundir(call, !ends);
    if (ends && why && errno == ENOENT) _exit(0); /* no directory, no server */
    if (!why && call->options.own) why = open_own(call);
    if (why) give_up(call, why);
}

static bool set_directory(struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool set_directory(struct call *call, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(call->directory, sizeof call->directory, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < sizeof call->directory) return true;
    *call->directory = '\0';
    return false;
}

/* Checked on what was opened, so that it cannot be exchanged between the check and the use. */
static const char *check_owner(struct call *call) {
    struct stat file;
    const char *why = NULL;
    if (fstat(call->directory_fd, &file) != 0)
        why = strerror(errno);
    else if (file.st_uid != geteuid())
        why = "it belongs to somebody else";
    else if (file.st_mode & 077)
        why = "others have access to it (its mode must be 0700)";
    if (!why) return NULL;
    close(call->directory_fd);
    call->directory_fd = -1;
    errno = EACCES;
    return why;
}

/* Null, or why not, with errno. */
static const char *open_directory(struct call *call) {
    call->directory_fd = open(call->directory, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return call->directory_fd < 0 ? strerror(errno) : check_owner(call);
}

static bool is_ours(const char *path) {
    struct stat file;
    return stat(path, &file) == 0 && S_ISDIR(file.st_mode) && file.st_uid == geteuid();
}

static const char *open_own(struct call *call) {
    size_t length = strlen(call->directory);
    if (mkdirat(call->directory_fd, OWN, 0700) != 0 && errno != EEXIST) return strerror(errno);
    if (snprintf(call->directory + length, sizeof call->directory - length, "/" OWN) >=
        (int)(sizeof call->directory - length))
        return "its path is too long";
    close(call->directory_fd);
    return open_directory(call);
}

/* Asked about the folder only where ours is not in it: one that is missing (a container, a job without a
 * login) or another's (sudo kept the variable) counts as none. Nothing is made in another's. */
static const char *use_runtime(struct call *call, bool make) {
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    if (!runtime || *runtime != '/') return MISSING;
    if (!set_directory(call, "%s/" NAME, runtime)) return "its path is too long";
    const char *why = open_directory(call);
    if (!why || errno != ENOENT) return why;
    struct stat folder;
    if (stat(runtime, &folder) != 0) return errno == ENOENT ? MISSING : strerror(errno);
    if (folder.st_uid != geteuid()) return MISSING;
    errno = ENOENT;
    if (!make) return why;
    if (mkdir(call->directory, 0700) != 0 && errno != EEXIST) return strerror(errno);
    return open_directory(call);
}

/* /run/user/UID of somebody else, or none, is no reason to give up. */
static const char *use_run_user(struct call *call, bool make) {
    struct stat base;
    char path[64];
    snprintf(path, sizeof path, "/run/user/%u", (unsigned)geteuid());
    if (lstat(path, &base) != 0 || !S_ISDIR(base.st_mode) || base.st_uid != geteuid()) return MISSING;
    set_directory(call, "%s/" NAME, path);
    const char *why = open_directory(call);
    if (!why || errno != ENOENT || !make) return why;
    mkdir(call->directory, 0700); /* if it fails, opening it tells why */
    return open_directory(call);
}

/* The folder for all hosts, and this host's in it. Links are not followed, so that nothing is made anywhere
 * else. */
static void make_in_home(const char *home, const char *host) {
    int base = open(home, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (base < 0) return;
    mkdirat(base, "." NAME, 0700);
    int all = openat(base, "." NAME, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (all >= 0) {
        mkdirat(all, host, 0700);
        close(all);
    }
    close(base);
}

/* Root may have been left the home of a user (sudo -E, a container): what root made there the user could not
 * use. */
static const char *use_home(struct call *call, bool make) {
    const char *home = getenv("HOME");
    struct utsname host;
    *call->directory = '\0';
    errno = EACCES;
    if (!home || *home != '/') return "neither XDG_RUNTIME_DIR nor HOME is a directory of this user";
    if (uname(&host) != 0) return strerror(errno);
    if (!set_directory(call, "%s/." NAME "/%s", home, host.nodename)) return "its path is too long";
    errno = EACCES;
    if (!is_ours(home)) return "neither XDG_RUNTIME_DIR nor HOME is a directory of this user";
    const char *why = open_directory(call);
    if (!why || errno != ENOENT || !make) return why;
    make_in_home(home, host.nodename);
    return open_directory(call);
}

struct entry_name entry_name(const struct call *call, char letter) {
    struct entry_name name;
    snprintf(name.text, sizeof name.text, "%c%s", letter, call->ident);
    return name;
}

void remove_entry(const struct call *call, char letter) {
    struct entry_name name = entry_name(call, letter);
    if (!entry_remove(call->directory_fd, name.text))
        say("cannot remove %s/%s: %s", call->directory, name.text, strerror(errno));
}
