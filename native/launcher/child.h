/* What both of our children, watcher and setup, do between fork and exec. */
#ifndef LAUNCHER_CHILD_H
#define LAUNCHER_CHILD_H

/* Every signal gets its default action and none is blocked. */
void reset_signals(void);

#endif
