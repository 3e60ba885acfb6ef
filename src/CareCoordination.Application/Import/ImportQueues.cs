using System.Threading.Channels;

namespace CareCoordination.Application.Import;

/// <summary>
/// What lies between the parts of an import: items on their way to be prepared and committed, no more bytes than memory is to hold,
/// and how far all is stored.
/// </summary>
internal sealed class ImportQueues(CancellationToken stop)
{
    private const long BytesInFlight = 24 << 20;

    private readonly ByteBudget _budget = new(BytesInFlight);
    private readonly Channel<ImportItem> _toPrepare = Channel.CreateUnbounded<ImportItem>();
    private readonly Channel<ImportItem> _toCommit = Channel.CreateUnbounded<ImportItem>();

    public CancellationToken Stop => stop;

    public Watermark Stored { get; } = new();

    /// <summary>In any order, by as many as there are.</summary>
    public IAsyncEnumerable<ImportItem> ToPrepare => _toPrepare.Reader.ReadAllAsync(stop);

    /// <summary>In the order in which they were read.</summary>
    public ChannelReader<ImportItem> ToCommit => _toCommit.Reader;

    /// <summary>Waits while there is no room.</summary>
    public async Task AddAsync(ImportItem item)
    {
        await _budget.TakeAsync(item.Bytes).WaitAsync(stop);
        _toCommit.Writer.TryWrite(item);
        _toPrepare.Writer.TryWrite(item);
    }

    /// <summary>Everything has been read.</summary>
    public void Complete()
    {
        _toPrepare.Writer.Complete();
        _toCommit.Writer.Complete();
    }

    /// <summary>The next item is stored or refused.</summary>
    public void Finish(ImportItem item)
    {
        Stored.Advance();
        _budget.Give(item.Bytes);
    }
}
