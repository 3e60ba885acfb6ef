using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CareCoordination.Server.Diagnostics;

/// <summary>
/// Log entries to standard output as one of the framework's console formatters writes them, many entries a write. Every interaction logs
/// its audit line; the framework's own provider wakes a thread for each, which costs more than reading a resource does
/// (docs/performance.md).
/// </summary>
[ProviderAlias("Console")]
internal sealed class GatheredConsole : ILoggerProvider, ISupportExternalScope
{
    private const int WriteAtOnceBytes = 1024 * 1024;

    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);

    [ThreadStatic]
    private static StringWriter? _entry;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _pending = new(0, 1);
    private readonly ArrayBufferWriter<byte> _entries = new(4096);
    private readonly ConsoleFormatter _formatter;
    private readonly Stream _output;
    private readonly Task _writer;
    private IExternalScopeProvider? _scopes;
    private volatile bool _isStopping;

    public GatheredConsole(ConsoleFormatter formatter, Stream output)
    {
        (_formatter, _output) = (formatter, output);
        _writer = Task.Run(WriteAsync);
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        _isStopping = true;
        Signal();
        _writer.GetAwaiter().GetResult();
        lock (_gate)
            Drain();
        _pending.Dispose();
    }

    private void Add<TState>(in LogEntry<TState> entry)
    {
        var text = _entry ??= new StringWriter();
        _formatter.Write(in entry, _scopes, text);
        var written = text.GetStringBuilder();
        lock (_gate)
        {
            foreach (var chunk in written.GetChunks())
                Encoding.UTF8.GetBytes(chunk.Span, _entries);
            // Whoever logs faster than the output takes it waits for the output; and at the end nobody gathers entries any more.
            if (_isStopping || _entries.WrittenCount > WriteAtOnceBytes)
                Drain();
        }

        written.Clear();
        Signal();
    }

    private void Signal()
    {
        if (_isStopping && _writer.IsCompleted || _pending.CurrentCount > 0)
            return;
        try
        {
            _pending.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another entry asked first.
        }
    }

    private async Task WriteAsync()
    {
        while (!_isStopping)
        {
            await _pending.WaitAsync();
            if (!_isStopping)
                await Task.Delay(Gather);
            lock (_gate)
                Drain();
        }
    }

    private void Drain()
    {
        try
        {
            _output.Write(_entries.WrittenSpan);
            _output.Flush();
        }
        catch (IOException)
        {
            // Standard output is closed or full. The server goes on without its log rather than not at all.
        }

        _entries.ResetWrittenCount();
    }

    private sealed class Category(GatheredConsole console, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => console._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => console.Add(new LogEntry<TState>(logLevel, name, eventId, state, exception, formatter));
    }
}
