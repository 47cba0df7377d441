import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;

/** Serves on a free port of loopback, prints its URI, and ends when its standard input does. */
class Server {

    /**
     * One command at a time, and each answer a copy. By itself the library answers with the stored document, which
     * the next command may have changed before it is sent.
     */
    static class OneAtATime extends MemoryBackend {
        @Override
        public synchronized Document handleMessage(MongoMessage message) {
            return super.handleMessage(message).cloneDeeply();
        }
    }

    public static void main(String[] arguments) throws Exception {
        MemoryBackend backend = new OneAtATime();
        backend.version(ServerVersion.MONGO_5_0);
        MongoServer server = new MongoServer(backend);
        System.out.println(server.bindAndGetConnectionString());
        while (System.in.read() >= 0) {}
        server.shutdownNow();
    }
}
