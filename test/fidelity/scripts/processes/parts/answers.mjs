process.on('message', (message) => {
  if (message === 'end') process.disconnect();
  else process.send({ answer: message, argv: process.argv.slice(2), execArgv: process.execArgv });
});
