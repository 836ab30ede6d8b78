/*
 * An edit is followed at once by a call, while the server is busy with unrelated events. The call must know
 * of the edit: either its event is still pending, or the server has said that it is not done with it.
 */
#include "driver.h"
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOISE_MAX 12

static int edit_and_call(struct stale *store, const char *path, unsigned seed) {
    char noise[PATH_MAX];

    snprintf(noise, sizeof noise, "%s.noise", path);
    for (int left = rand_r(&seed) % NOISE_MAX; left > 0; left--) {
        write_whole(noise, O_CREAT, "");
        unlink(noise);
    }
    if (seed & 1)
        write_whole(path, 0, "new");
    else
        replace(path, "new");
    return stale_suspect(store) && stale_verify(store, NULL) == STALE_CHANGED ? 0 : 1;
}

static struct stale *make_store(const char *path, const char *missing) {
    struct stale *store = stale_new();

    write_whole(path, O_CREAT | O_TRUNC, "old");
    if (!store || !stale_add_file(store, path) || !stale_add_file(store, missing) || !stale_watch(store))
        fail("no store for", path);
    if (stale_verdict(store, NULL) != STALE_FRESH) fail("changed before the edit:", path);
    return store;
}

static int serve_until_it_ends(struct stale *store, pid_t executor) {
    struct pollfd instance = {.fd = stale_descriptor(store), .events = POLLIN};
    int status;

    while (!waitpid(executor, &status, WNOHANG))
        if (poll(&instance, 1, 1) > 0) stale_drain(store, NULL);
    if (!WIFEXITED(status)) fail("an executor", "did not exit");
    return WEXITSTATUS(status);
}

int race(const char *directory, int rounds) {
    int in_vain = 0;

    for (int i = 0; i < rounds; i++) {
        char path[PATH_MAX], missing[PATH_MAX];
        struct stale *store;
        pid_t executor;

        snprintf(path, sizeof path, "%s/race-%d", directory, i);
        snprintf(missing, sizeof missing, "%s/missing", directory);
        store = make_store(path, missing);
        executor = fork();
        if (executor < 0) fail("fork", path);
        if (!executor) _exit(edit_and_call(store, path, (unsigned)i + 1));
        in_vain += serve_until_it_ends(store, executor) != 0;
        stale_close(store);
    }
    return in_vain;
}
