// fidelity: {"since": 24}
import { DatabaseSync } from 'node:sqlite';
import { initialisationComplete } from 'prefork-interp';

initialisationComplete();
for (const name of ['kept.db', ':memory:']) {
  const database = new DatabaseSync(name);
  database.exec('CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT, bytes BLOB) STRICT');
  const insert = database.prepare('INSERT INTO words (word, bytes) VALUES (?, ?)');
  for (const word of ['one', 'zwei', 'três']) console.log(insert.run(word, Buffer.from(word)));
  database.function('shout', (word) => word.toUpperCase());
  console.log(database.prepare('SELECT id, shout(word) AS word, length(bytes) AS size FROM words ORDER BY id').all());
  try {
    insert.run(5n, null);
    database.exec('no sql');
  } catch (error) {
    console.log(error.code, error.message);
  }
  database.close();
}
const again = new DatabaseSync('kept.db', { readOnly: true });
console.log(again.prepare('SELECT count(*) AS count FROM words').get());
