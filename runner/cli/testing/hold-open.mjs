// Imported into a runner under test: holds the process open for ever.
setInterval(() => {}, 1_000_000);
