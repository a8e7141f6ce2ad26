// Makes a server of this process let in only who asks for its own address, as one that guards against DNS rebinding does.
import http from 'node:http';

const emit = http.Server.prototype.emit;
http.Server.prototype.emit = function (event, request, socket, ...rest) {
  if (event === 'upgrade' && request.headers.host !== `127.0.0.1:${this.address().port}`) {
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 19\r\nConnection: close\r\n\r\nInvalid Host header');
    return true;
  }
  return emit.call(this, event, request, socket, ...rest);
};
