#include "obstacle.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "package.h"
#include "plain.h"
#include "say.h"
#include "settings.h"

/* Node's arguments that make it another program than one that runs the script: it inspects, guards, watches,
 * tests, prints or reads code from elsewhere; or it measures or loads with threads that a fork would lose, or
 * into a file that all calls would share. */
static const char *const plain_arguments[] = {"--inspect",
                                              "--permission",
                                              "--no-addons",
                                              "--experimental-permission",
                                              "--watch",
                                              "--test",
                                              "--eval",
                                              "--print",
                                              "--check",
                                              "--interactive",
                                              "--help",
                                              "--version",
                                              "--run",
                                              "--build-sea",
                                              "--experimental-sea-config",
                                              "--build-snapshot",
                                              "--v8-options",
                                              "--prof",
                                              "--perf",
                                              "--cpu-prof",
                                              "--heap-prof",
                                              "--trace-event-categories",
                                              "--trace-events-enabled",
                                              "--loader",
                                              "--experimental-loader"};
/* One letter each; -pe is both. */
static const char plain_letters[] = "epcihv";

/* Its arguments that take the next word as their value, if not given as NAME=VALUE. */
static const char *const valued_arguments[] = {"--require",
                                               "--import",
                                               "--loader",
                                               "--experimental-loader",
                                               "--conditions",
                                               "--env-file",
                                               "--env-file-if-exists",
                                               "--title",
                                               "--input-type",
                                               "--icu-data-dir",
                                               "--openssl-config"};

/* Node takes '_' for '-' in its long options. The name must end where the option's does, or go on as in
 * --inspect-brk. */
static bool is_option(const char *word, const char *name, bool prefix) {
    size_t i = 0;
    for (; name[i]; i++) {
        char c = word[i];
        if (c == '_' && i > 1) c = '-';
        if (c != name[i]) return false;
    }
    return !word[i] || word[i] == '=' || word[i] == ' ' || (prefix && (word[i] == '-' || word[i] == '_'));
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool forbids_sharing(const char *word) {
    if (word[0] != '-' || !word[1]) return false;
    if (word[1] != '-') return word[strspn(word + 1, plain_letters) + 1] == '\0';
    for (size_t i = 0; i < COUNT(plain_arguments); i++)
        if (is_option(word, plain_arguments[i], true)) return true;
    return false;
}

static bool takes_next_word(const char *word) {
    if (!strcmp(word, "-r") || !strcmp(word, "-C")) return true;
    for (size_t i = 0; i < COUNT(valued_arguments); i++)
        if (is_option(word, valued_arguments[i], false) && !strchr(word, '=')) return true;
    return false;
}

/* Words of NODE_OPTIONS are separated by spaces; a quoted space inside one does no harm here. */
static const char *find_in_node_options(void) {
    const char *word = getenv("NODE_OPTIONS");
    while (word && *word) {
        word += strspn(word, " \"");
        if (*word == '-' && forbids_sharing(word)) return word;
        word += strcspn(word, " ");
    }
    return NULL;
}

/* A value in a word of its own cannot be told from the script when the words stand apart. */
static void check_node_arguments(struct call *call) {
    const struct options *options = &call->options;
    for (size_t i = 0; i < options->interpreter_argument_count; i++) {
        const char *word = options->interpreter_arguments[i];
        if (forbids_sharing(word)) run_plainly(call, "it is not shared under %s", word);
        if (!options->one_word && takes_next_word(word))
            die("the value of %s must be in the same word, as in --require=FILE (see --help)", word);
    }
    const char *found = find_in_node_options();
    if (found)
        run_plainly(call, "it is not shared under %.*s in NODE_OPTIONS", (int)strcspn(found, " "), found);
}

static bool is_given(const char *name) {
    const char *value = getenv(name);
    return value && *value;
}

static void check_environment(struct call *call) {
    static const struct {
        const char *name, *why;
    } obstacles[] = {
        {"NODE_CHANNEL_FD", "its parent talks to it over a channel (NODE_CHANNEL_FD)"},
        {"LISTEN_FDS", "it was given sockets to listen on (LISTEN_FDS)"},
        {"LD_PRELOAD", "LD_PRELOAD is set"},
    };
    for (size_t i = 0; i < COUNT(obstacles); i++)
        if (is_given(obstacles[i].name)) run_plainly(call, "%s", obstacles[i].why);
}

/* An executor is in another session: nothing stops it from reading the terminal behind its shell's back, or
 * from writing to it where that is not wanted (stty tostop). */
static bool would_be_stopped(const struct call *call) {
    const struct standard *standard = call->standard;
    if (standard[0].terminal && in_background(0)) return true;
    for (int fd = 1; fd < 3; fd++)
        if (standard[fd].terminal && (standard[fd].modes.c_lflag & TOSTOP) && in_background(fd)) return true;
    return false;
}

/* Silently: a line on each start of a background job would be all that tells it from a plain one. */
static void check_terminal(struct call *call) {
    if (would_be_stopped(call)) run_plainly_silently(call, "it runs in the background of its terminal");
}

void check_obstacles(struct call *call) {
    if (call->options.kill) {
        if (call->interpreter.node && !call->options.script && !call->options.ident)
            die("--kill needs the script whose server is to end, or -g (see --help)");
        if (call->limits_unknown) die("cannot ask for its limits: %s", strerror(call->limits_unknown));
        return;
    }
    if (is_set("PREFORK_INTERP_DISABLE")) run_plainly_silently(call, "PREFORK_INTERP_DISABLE is set");
    check_environment(call);
    if (call->interpreter.node) {
        check_node_arguments(call);
        if (!call->options.script || !strcmp(call->options.script, "-"))
            run_plainly(call, "there is no script to share");
    }
    if (call->limits_unknown)
        run_plainly(call, "cannot ask for its limits: %s", strerror(call->limits_unknown));
    if (call->limits[RLIMIT_NOFILE].rlim_cur < 256)
        run_plainly(call, "fewer than 256 descriptors are allowed (ulimit -n)");
    if (call->descriptors.extra_count > EXTRA_DESCRIPTORS_MAX)
        run_plainly(call, "it has %zu descriptors open, more than can be passed",
                    call->descriptors.extra_count + 3);
    check_terminal(call);
}

void check_script(struct call *call) {
    if (call->options.script && access(call->options.script, R_OK) != 0)
        run_plainly_silently(call, "the script cannot be read");
}

void check_observer(struct call *call) {
    char path[PATH_MAX];
    if (!call->interpreter.node || find_observer(call->interpreter.path, path, sizeof path)) return;
    if (!is_built_for(call->interpreter.path))
        run_plainly_silently(
            call, "this package was not built for the machine or the C library of its interpreter");
    run_plainly(call, "edits could not be noticed, as %s is missing", path);
}
