# workerd's documented "hello world", on a port of the harness.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "main", worker = .hello) ],
  sockets = [ (name = "http", address = "127.0.0.1:@PORT@", http = (), service = "main") ]
);

const hello :Workerd.Worker = (
  modules = [ (name = "worker", esModule = embed "workerd-hello.js") ],
  compatibilityDate = "2025-08-01",
);
