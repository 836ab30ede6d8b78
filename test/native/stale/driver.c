/*
 * Uses the staleness store as setup, server and executors do, as it is told: a line is a word and up to two
 * further parts, separated by tabs. Each line gets one line back.
 */
#include "driver.h"
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOTES_FD 3
#define NOBODY 65534
/* Nothing that is tested takes long; a driver that nobody talks to any more should go. */
#define LIFE_SECONDS 60

struct spare {
    pid_t process;
    int wake;
};

static struct stale *store;
static struct spare spare;

void fail(const char *what, const char *with) {
    fprintf(stderr, "driver: %s %s: %s\n", what, with, strerror(errno));
    exit(1);
}

static const char *verdict_name(enum stale_verdict verdict) {
    static const char *const names[] = {"fresh", "changed", "gone"};

    return names[verdict];
}

static void tell_verdict(enum stale_verdict verdict, const char *path) {
    printf("%s%s%s\n", verdict_name(verdict), path ? " " : "", path ? path : "");
}

/* --- executors --- */

enum { QUIET = 10 }; /* not suspect; otherwise the verdict is the exit status */

static int judge(bool tell_others) {
    enum stale_verdict verdict;

    if (!stale_suspect(store)) return QUIET;
    verdict = stale_verify(store, NULL);
    if (verdict == STALE_CHANGED && tell_others) stale_turn_away(store);
    return (int)verdict;
}

static void tell_judgement(pid_t executor) {
    int status;

    if (waitpid(executor, &status, 0) < 0) fail("waitpid", "executor");
    if (!WIFEXITED(status)) fail("an executor", "did not exit");
    status = WEXITSTATUS(status);
    if (status != QUIET && status > STALE_SOCKET_GONE) fail("an executor", "failed");
    puts(status == QUIET ? "quiet" : verdict_name((enum stale_verdict)status));
}

static void ask(bool tell_others) {
    pid_t executor = fork();

    if (executor < 0) fail("fork", "executor");
    if (!executor) {
        int judgement = judge(tell_others);

        stale_close(store);
        _exit(judgement);
    }
    tell_judgement(executor);
}

static void keep_spare(void) {
    int ends[2];
    char byte;

    if (pipe(ends) < 0) fail("pipe", "spare");
    spare.process = fork();
    if (spare.process < 0) fail("fork", "spare");
    if (!spare.process) {
        close(ends[1]);
        if (read(ends[0], &byte, 1) != 1) _exit(1);
        _exit(judge(false));
    }
    close(ends[0]);
    spare.wake = ends[1];
    puts("done");
}

static void ask_spare(void) {
    if (write(spare.wake, "", 1) != 1) fail("write", "spare");
    close(spare.wake);
    tell_judgement(spare.process);
}

/* --- the store --- */

static void become_nobody(void) {
    if (!geteuid() && (setgroups(0, NULL) < 0 || setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
        fail("become", "nobody");
    puts("done");
}

static void add_older_than(const char *path, const char *seconds_ago) {
    struct timespec start;

    if (clock_gettime(CLOCK_REALTIME, &start) < 0) fail("clock_gettime", "");
    start.tv_sec -= atoi(seconds_ago);
    puts(stale_add_file_older_than(store, path, start) ? "done" : "failed");
}

static void watch(const char *socket) {
    const char *path;
    enum stale_verdict verdict;

    if (socket && !stale_note_socket(store, socket)) fail("stale_note_socket", "");
    if (!stale_watch(store)) fail("stale_watch", "");
    verdict = stale_verdict(store, &path);
    tell_verdict(verdict, path);
}

static void drain(void) {
    const char *path;
    enum stale_verdict verdict = stale_drain(store, &path);

    tell_verdict(verdict, path);
}

static void ask_meanwhile(void) {
    ask(false);
}

/* An executor is asked while the server drains; its answer is told. */
static void drain_and_ask(void) {
    pretend_after_events(stale_descriptor(store), ask_meanwhile);
    stale_drain(store, NULL);
}

static void settle(void) {
    while (!stale_settle(store, 1)) {
    }
    puts("done");
}

static void tell_files(void) {
    const struct pfi_signature *signature;
    const char *path;

    for (size_t i = 0; (signature = stale_file(store, i, &path)); i++)
        printf("%s%s:%llu", i ? " " : "", path, (unsigned long long)signature->size);
    puts("");
}

static bool uses_store(const char *word, char *path, char *second) {
    if (!strcmp(word, "notes"))
        puts(stale_add_notes(store, NOTES_FD) ? "whole" : "not whole");
    else if (!strcmp(word, "add"))
        puts(stale_add_file(store, path) ? "done" : "failed");
    else if (!strcmp(word, "add-older"))
        add_older_than(path, second);
    else if (!strcmp(word, "watch"))
        watch(path);
    else if (!strcmp(word, "descriptor"))
        printf("%d\n", stale_descriptor(store));
    else if (!strcmp(word, "ask"))
        ask(false);
    else if (!strcmp(word, "call"))
        ask(true);
    else if (!strcmp(word, "spare"))
        keep_spare();
    else if (!strcmp(word, "ask-spare"))
        ask_spare();
    else if (!strcmp(word, "drain"))
        drain();
    else if (!strcmp(word, "drain-and-ask"))
        drain_and_ask();
    else if (!strcmp(word, "settle"))
        settle();
    else if (!strcmp(word, "files"))
        tell_files();
    else if (!strcmp(word, "asked-server"))
        printf("%d\n", pretend_asked_server());
    else if (!strcmp(word, "nobody"))
        become_nobody();
    else if (!strcmp(word, "race"))
        printf("%d in vain\n", race(path, atoi(second)));
    else
        return false;
    return true;
}

int main(void) {
    char *line = NULL;
    size_t room = 0;
    ssize_t length;

    alarm(LIFE_SECONDS);
    store = stale_new();
    if (!store) fail("stale_new", "");
    while ((length = getline(&line, &room, stdin)) > 0) {
        char *rest = line;
        char *word, *path, *second;

        line[length - 1] = 0;
        word = strsep(&rest, "\t");
        path = strsep(&rest, "\t");
        second = strsep(&rest, "\t");
        if (looks(word, path, second) || pretends(word, path))
            puts("done");
        else if (!uses_store(word, path, second))
            fail("no such word", word);
        fflush(stdout);
    }
    free(line);
    return 0;
}
