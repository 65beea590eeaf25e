package org.llavero

/** A store in memory that keeps the promises of [Store]: all or nothing, and a conflict for what is gone. */
internal open class DictionaryStore : Store {
    private val records = sortedMapOf<Pair<String, String>, ByteArray>(compareBy({ it.first }, { it.second }))

    @Synchronized
    override fun get(table: String, key: String): ByteArray? = records[table to key]

    @Synchronized
    override fun list(table: String): List<StoredRecord> =
        records.filterKeys { it.first == table }.map { (name, value) -> StoredRecord(name.second, value) }

    @Synchronized
    override fun commit(changes: List<Change>) {
        val next = records.toMap(sortedMapOf(records.comparator()))
        for (change in changes) {
            when (change) {
                is Change.Put -> next[change.table to change.key] = change.value
                is Change.Delete -> next.remove(change.table to change.key) ?: throw StoreException.Conflict()
            }
        }
        records.clear()
        records.putAll(next)
    }

    @Synchronized
    fun put(table: String, key: String, value: ByteArray) {
        records[table to key] = value
    }

    @Synchronized
    fun drop(table: String, key: String) {
        records.remove(table to key)
    }

    @Synchronized
    fun tables(): Set<String> = records.keys.map { it.first }.toSet()

    @Synchronized
    fun values(): List<ByteArray> = records.values.toList()
}
