/*
 * What is in the ident, and why not more.
 *
 * Two calls share a server only if initialisation would have gone the same way for both, and if the executor
 * has the rights and bounds that a plain run would have. What a process can set for itself travels with the
 * request and is not here: umask, soft limits, arguments.
 *
 * The base has what counts always. The world has what initialisation looked at: variables, directory,
 * terminals. That is known from the file of looks, which servers write (docs/design.md). Where nobody can
 * note it, for another interpreter, a fixed list of variables, the directory and the terminals are in the
 * base.
 */
#include "ident.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "plain.h"
#include "rundir.h"
#include "say.h"
#include "settings.h"
#include "small_file.h"
#include "variables.h"
#include "whereabouts.h"
#include "world.h"

extern char **environ;

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct parts *collected; /* each item is added in words, if not null */

#define explain(...) (collected ? parts_add(collected, __VA_ARGS__) : (void)0)

/* Every item goes in here: lengths first, so that no two lists of items make the same bytes. */
static void add_bytes(struct sha256 *hash, const char *label, const void *data, size_t size) {
    uint32_t lengths[2] = {(uint32_t)strlen(label), (uint32_t)size};
    sha256_add(hash, lengths, sizeof lengths);
    sha256_add(hash, label, lengths[0]);
    sha256_add(hash, data, size);
}

static void add_item(struct sha256 *hash, const char *label, const void *data, size_t size) {
    add_bytes(hash, label, data, size);
    if (collected) parts_add_digest(collected, label, "", 0, data, size);
}

static void add_text(struct sha256 *hash, const char *label, const char *text) {
    add_bytes(hash, label, text, strlen(text));
    explain("%s: %s", label, text);
}

static void add_variable(struct sha256 *hash, const char *label, const char *variable) {
    add_bytes(hash, label, variable, strlen(variable));
    if (collected)
        parts_add_digest(collected, label, variable, strcspn(variable, "="), variable, strlen(variable));
}

static void add_number(struct sha256 *hash, const char *label, long long number) {
    add_bytes(hash, label, &number, sizeof number);
    explain("%s: %lld", label, number);
}

static void add_directory(struct sha256 *hash, const char *label, const char *path) {
    uint64_t whereabouts[2];
    find_whereabouts(path, whereabouts);
    add_bytes(hash, label, whereabouts, sizeof whereabouts);
    explain("%s: device %llu, inode %llu, mount %u", label, (unsigned long long)device_of(whereabouts),
            (unsigned long long)whereabouts[1], mount_of(whereabouts));
}

static void add_system(struct sha256 *hash) {
    struct utsname system;
    if (uname(&system) != 0) die("cannot ask for the system's name: %s", strerror(errno));
    add_text(hash, "sysname", system.sysname);
    add_text(hash, "nodename", system.nodename);
    add_text(hash, "release", system.release);
    add_text(hash, "machine", system.machine);
    add_directory(hash, "root", "/");
}

static void add_interpreter(struct sha256 *hash, const struct call *call) {
    const struct stat *file = &call->interpreter.file;
    uint64_t identity[] = {file->st_dev, file->st_ino, (uint64_t)file->st_mtim.tv_sec,
                           (uint64_t)file->st_mtim.tv_nsec, (uint64_t)file->st_size};
    add_text(hash, "interpreter", call->options.interpreter);
    add_item(hash, "interpreter file", identity, sizeof identity);
    for (size_t i = 0; i < call->options.interpreter_argument_count; i++)
        add_text(hash, "interpreter argument", call->options.interpreter_arguments[i]);
}

/* Takes out "./" and "//", which name the same file; ".." stays, as it may lead over a link. */
static void tidy_path(char *path) {
    char *to = path;
    for (const char *from = path; *from; from++) {
        if (from[0] == '/' && (from[1] == '/' || (from[1] == '.' && (from[2] == '/' || !from[2])))) {
            if (from[1] == '.') from++;
            continue;
        }
        *to++ = *from;
    }
    *to = '\0';
}

static void add_script(struct sha256 *hash, const char *script) {
    char path[2 * PATH_MAX] = "";
    if (!script) return;
    if (script[0] != '/' && !getcwd(path, PATH_MAX))
        path[0] = '\0'; /* a deleted directory: its inode is in */
    size_t length = strlen(path);
    snprintf(path + length, sizeof path - length, "/%s",
             script); /* longer than a path can be: cut, and not found */
    tidy_path(path);
    add_text(hash, "script", path);
    char *slash = strrchr(path, '/');
    if (!slash) return;
    *slash = '\0';
    add_directory(hash, "script directory", *path ? path : "/");
}

static void add_user(struct sha256 *hash) {
    gid_t groups[64], *list = groups;
    int count = getgroups(COUNT(groups), groups);
    add_number(hash, "euid", geteuid());
    add_number(hash, "uid", getuid());
    add_number(hash, "egid", getegid());
    add_number(hash, "gid", getgid());
    if (count < 0 && errno == EINVAL && (count = getgroups(0, NULL)) > 0) {
        list = calloc((size_t)count, sizeof *list);
        count = list ? getgroups(count, list) : -1;
    }
    if (count < 0) die("cannot ask for the groups: %s", strerror(errno));
    add_item(hash, "groups", list, (size_t)count * sizeof *list);
    if (list != groups) free(list);
}

/* "mnt:[4026531832]": the inode, for 43 us instead of the 75 that stat takes for all eight. They are a tenth
 * of what a call costs here. */
static void add_namespaces(struct sha256 *hash) {
    static const char *const kinds[] = {"mnt", "pid", "net", "user", "uts", "ipc", "cgroup", "time"};
    int folder = open("/proc/self/ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        char name[32] = "namespace ", namespace[64] = "";
        ssize_t length = readlinkat(folder, kinds[i], namespace, sizeof namespace - 1);
        if (length >= 0) namespace[length] = '\0';
        add_text(hash, strcat(name, kinds[i]), namespace);
    }
    if (folder >= 0) close(folder);
}

/* Only a filtered process pays for reading its status. */
static void add_seccomp(struct sha256 *hash) {
    int mode = prctl(PR_GET_SECCOMP);
    add_number(hash, "seccomp", mode);
    if (mode <= 0) return;
    char status[8192] = "";
    read_small("/proc/self/status", status, sizeof status);
    const char *filters = strstr(status, "Seccomp_filters:");
    add_item(hash, "seccomp filters", filters, filters ? strcspn(filters, "\n") : 0);
}

/* The kernel's structures of capget(2), version 3: musl has no header for them. */
static void add_capabilities(struct sha256 *hash) {
    struct {
        uint32_t version;
        int pid;
    } header = {0x20080522, 0};
    uint32_t sets[6] = {0};
    syscall(SYS_capget, &header, sets); /* zeros if it is refused */
    add_item(hash, "capabilities", sets, sizeof sets);
    uint64_t bounding = 0, ambient = 0;
    for (unsigned long n = 0; n < 64; n++) {
        int kept = prctl(PR_CAPBSET_READ, n);
        if (kept < 0) break;
        bounding |= (uint64_t)kept << n;
        if ((sets[n / 32 * 3 + 2] >> n % 32 & 1) &&
            prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, n, 0, 0) == 1)
            ambient |= 1ull << n;
    }
    add_item(hash, "bounding set", &bounding, sizeof bounding);
    add_item(hash, "ambient set", &ambient, sizeof ambient);
    add_number(hash, "securebits", prctl(PR_GET_SECUREBITS));
}

/* A socket must never be a way out of a sandbox. */
static void add_confinement(struct sha256 *hash) {
    char label[512] = "";
    add_number(hash, "no_new_privs", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    add_seccomp(hash);
    add_capabilities(hash);
    add_item(hash, "security label", label, read_small("/proc/self/attr/current", label, sizeof label));
}

static void add_limits(struct sha256 *hash, const struct call *call) {
    rlim_t hard[PFI_LIMITS];
    for (int i = 0; i < PFI_LIMITS; i++)
        hard[i] = call->limits[i].rlim_max;
    add_item(hash, "hard limits", hard, sizeof hard);
}

/* sched_getattr(2) tells policy, nice value and priority at once; musl has no call for it, and refuses
 * sched_getscheduler. */
static void add_scheduling(struct sha256 *hash) {
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attributes = {0};
    cpu_set_t processors;
    CPU_ZERO(&processors);
    syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0); /* zeros if it is refused */
    attributes.runtime = 0; /* the slice: the kernel's default differs with the nice value only */
    add_item(hash, "scheduling", &attributes, sizeof attributes);
    add_number(hash, "io priority", syscall(SYS_ioprio_get, 1, 0));
    sched_getaffinity(0, sizeof processors, &processors);
    add_item(hash, "affinity", &processors, sizeof processors);
}

/* What else a process has from its parent, and how its memory is laid out and given to it by that. */
static void add_inheritance(struct sha256 *hash) {
    char score[16];
    struct {
        int mode;
        unsigned long nodes[1024 / (8 * sizeof(unsigned long))];
    } policy = {0};
    add_number(hash, "personality", personality(0xffffffff));
    add_number(hash, "timer slack", prctl(PR_GET_TIMERSLACK));
    add_number(hash, "no huge pages", prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
    syscall(SYS_get_mempolicy, &policy.mode, policy.nodes, 8 * sizeof policy.nodes, 0, 0);
    add_item(hash, "memory policy", &policy, sizeof policy); /* zeros if it is refused */
    add_item(hash, "oom score", score, read_small("/proc/self/oom_score_adj", score, sizeof score));
}

/* Puts a text in its place among those before it: there are few. */
static void insert_sorted(const char **sorted, size_t count, const char *text) {
    for (; count > 0 && strcmp(sorted[count - 1], text) > 0; count--)
        sorted[count] = sorted[count - 1];
    sorted[count] = text;
}

static void add_environment(struct sha256 *hash) {
    size_t room = 0, count = 0;
    while (environ[room])
        room++;
    const char **covered = calloc(room + 1, sizeof *covered);
    if (!covered) die("cannot sort the environment: no memory");
    for (char **variable = environ; *variable; variable++)
        if (is_fixed(*variable)) insert_sorted(covered, count++, *variable);
    for (size_t i = 0; i < count; i++)
        add_variable(hash, "environment", covered[i]);
    free(covered);
}

/* -E covers a variable's value or its absence. */
static void add_options(struct sha256 *hash, const struct call *call) {
    if (call->options.any_directory) add_text(hash, "-C", "");
    for (size_t i = 0; i < call->options.ident_option_count; i++) {
        const struct ident_option *option = &call->options.ident_options[i];
        const char *value = option->letter == 'E' ? getenv(option->text) : NULL;
        add_text(hash, option->letter == 'E' ? "-E" : "-G", option->text);
        if (value) add_item(hash, "-E value", value, strlen(value));
    }
}

/* For those whose initialisation nobody observes. */
static void add_surroundings(struct sha256 *hash, const struct call *call) {
    if (!call->options.any_directory) add_directory(hash, "cwd", "");
    add_environment(hash);
    add_number(hash, "stdout is a terminal", call->standard[1].terminal);
    add_number(hash, "stderr is a terminal", call->standard[2].terminal);
}

static void hash_base(const struct call *call, uint8_t digest[SHA256_SIZE]) {
    struct sha256 hash;
    sha256_start(&hash);
    add_text(&hash, "extension", PFI_EXTENSION);
    add_system(&hash);
    add_interpreter(&hash, call);
    add_script(&hash, call->options.script);
    add_user(&hash);
    add_namespaces(&hash);
    add_confinement(&hash);
    add_limits(&hash, call);
    add_scheduling(&hash);
    add_inheritance(&hash);
    if (!call->interpreter.node) add_surroundings(&hash, call);
    add_options(&hash, call);
    sha256_finish(&hash, digest);
}

/* A directory that cannot be looked at is as good as any other such. */
static void look_at_world(struct call *call, struct world *world) {
    hash_base(call, world->base);
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

void describe_base(const struct call *call, struct parts *parts) {
    uint8_t digest[SHA256_SIZE];
    collected = parts;
    hash_base(call, digest);
    collected = NULL;
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
    describe_base(call, &parts);
    name_world(call, &parts);
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
    if (!call->options.ident) {
        describe_base(call, &parts);
        name_world(call, &parts);
    }
    write_whole(fd, call->ident, strlen(call->ident));
    write_whole(fd, "\n", 1);
    write_whole(fd, parts.text, parts.size);
    _exit(0);
}
