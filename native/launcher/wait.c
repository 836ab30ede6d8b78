#include "wait.h"

#include <errno.h>
#include <sys/wait.h>

#include "end.h"
#include "say.h"

bool wait_for_child(pid_t child, struct child_change *change) {
    int status;
    pid_t found = waitpid(child, &status, WNOHANG | WUNTRACED);
    if (found < 0 && errno != EINTR) { /* somebody took its status: nothing to end with but our own failure */
        *change = (struct child_change){.ended = true, .status = STATUS_OF_EXIT(EXIT_LAUNCHER)};
        return true;
    }
    if (found <= 0) return false;
    *change = (struct child_change){.status = status};
    change->stopped = WIFSTOPPED(status);
    change->signal = change->stopped ? WSTOPSIG(status) : 0;
    change->ended = WIFEXITED(status) || WIFSIGNALED(status);
    return true;
}
