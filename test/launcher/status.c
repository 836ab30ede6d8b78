/* status [-i NUMBER] ... PROGRAM ARGUMENT ...: runs a program, with these signals ignored and core files
 * allowed, and writes to descriptor 3 what waitpid(2) said of it: "exit 3", "signal 6", "signal 6 core". */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what) {
    fprintf(stderr, "status: %s: %s\n", what, strerror(errno));
    exit(125);
}

int main(int argc, char **argv) {
    int option, status;
    while ((option = getopt(argc, argv, "+i:")) == 'i')
        if (signal(atoi(optarg), SIG_IGN) == SIG_ERR) fail("signal");
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) != 0) fail("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_CORE, &limit) != 0) fail("setrlimit");
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        close(3);
        execvp(argv[optind], argv + optind);
        fail(argv[optind]);
    }
    if (waitpid(child, &status, 0) < 0) fail("waitpid");
    if (WIFEXITED(status))
        dprintf(3, "exit %d", WEXITSTATUS(status));
    else
        dprintf(3, "signal %d%s", WTERMSIG(status), WCOREDUMP(status) ? " core" : "");
    return 0;
}
