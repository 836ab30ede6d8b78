#include "sandbox.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "border.h"
#include "plain.h"
#include "whereabouts.h"

/* Room for what /proc/PID/status says: its longest line has one number a group. */
#define STATUS_ROOM (256 << 10)

static const char *const status_lines[] = {
    "NoNewPrivs:", "Seccomp:", "Seccomp_filters:", "CapInh:", "CapBnd:", "CapAmb:",
    "Uid:",        "Gid:",     "Groups:"};
static const char *const links[] = {"ns/mnt", "ns/pid", "ns/net",    "ns/user",
                                    "ns/uts", "ns/ipc", "ns/cgroup", "ns/time"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Reads a file of a process; empty where that cannot be done. */
static const char *read_of(const char *process, const char *name, char *text, size_t room) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/%s", process, name);
    text[0] = '\0';
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return text;
    size_t length = 0;
    for (ssize_t n; length < room - 1 && (n = read(fd, text + length, room - 1 - length)) > 0;)
        length += (size_t)n;
    close(fd);
    text[length] = '\0';
    return text;
}

/* Both lines, with their names, or both missing. */
static bool same_line(const char *one, const char *other, const char *name) {
    const char *a = strstr(one, name), *b = strstr(other, name);
    if (!a || !b) return a == b;
    size_t length = strcspn(a, "\n");
    return length == strcspn(b, "\n") && !strncmp(a, b, length);
}

static const char *different_line(const char *server) {
    static char ours[STATUS_ROOM], theirs[STATUS_ROOM];
    if (!*read_of(server, "status", theirs, sizeof theirs)) return "status";
    read_of("self", "status", ours, sizeof ours);
    for (size_t i = 0; i < COUNT(status_lines); i++)
        if (!same_line(ours, theirs, status_lines[i])) return status_lines[i];
    return NULL;
}

static bool same_link(const char *server, const char *name) {
    char path[64];
    struct stat ours, theirs;
    snprintf(path, sizeof path, "/proc/self/%s", name);
    bool there = stat(path, &ours) == 0;
    snprintf(path, sizeof path, "/proc/%s/%s", server, name);
    if (stat(path, &theirs) != 0) return !there;
    return there && ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

static bool same_root(const char *server) {
    char path[64];
    uint64_t ours[2], theirs[2];
    snprintf(path, sizeof path, "/proc/%s/root", server);
    find_whereabouts("/", ours);
    find_whereabouts(path, theirs);
    return ours[0] == theirs[0] && ours[1] == theirs[1];
}

static const char *different_link(const char *server) {
    for (size_t i = 0; i < COUNT(links); i++)
        if (!same_link(server, links[i])) return links[i];
    return same_root(server) ? NULL : "root";
}

static const char *different_label(const char *server) {
    char ours[512], theirs[512];
    read_of("self", "attr/current", ours, sizeof ours);
    read_of(server, "attr/current", theirs, sizeof theirs);
    return strcmp(ours, theirs) ? "attr/current" : NULL;
}

/* -g's ident covers nothing, so the processes themselves are compared. The capabilities that a process has
 * are left out: they follow from these and from the interpreter's file. */
static const char *find_difference(pid_t pid) {
    char server[16];
    snprintf(server, sizeof server, "%d", (int)pid);
    const char *found = different_line(server);
    if (!found) found = different_link(server);
    return found ? found : different_label(server);
}

void check_sandbox(struct call *call, const struct conversation *conversation) {
    /* Another interpreter's library may leave the socket as the launcher made it: then that is all it tells.
     */
    bool named = call->options.ident && call->interpreter.node;
    const char *found = named ? find_difference(conversation->server) : NULL;
    if (found) run_plainly(call, "the server that -g names is in another sandbox (/proc tells: %s)", found);
    if (is_outside_of_sandbox(conversation->server))
        run_plainly(call, "its server is outside of the sandbox that it is in (Landlock)");
}
