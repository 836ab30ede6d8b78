/* What the machine has too little of for one more server. */
#ifndef LAUNCHER_SHORTAGE_H
#define LAUNCHER_SHORTAGE_H

/* A sentence that says what is short, or null. What cannot be found out counts as enough. */
const char *find_shortage(void);

#endif
