using System.Buffers;
using System.Text;
using CareCoordination.Application.Settings;

namespace CareCoordination.Server.Diagnostics;

/// <summary>
/// Log lines to standard output, one line an entry, many lines a write. Every interaction logs its audit line, and writing each on
/// its own costs more than reading a resource does.
/// </summary>
internal sealed class LineConsole : ILoggerProvider
{
    private const int WriteAtOnceBytes = 1024 * 1024;

    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _pending = new(0, 1);
    private readonly Stream _output;
    private readonly TimeProvider _time;
    private readonly Task _writer;
    private readonly ArrayBufferWriter<byte> _lines = new(4096);
    private volatile bool _isStopping;

    public LineConsole(Stream output, TimeProvider time)
    {
        _output = output;
        _time = time;
        _writer = Task.Run(WriteAsync);
    }

    public ILogger CreateLogger(string categoryName) =>
        new Category(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
        _isStopping = true;
        Signal();
        _writer.GetAwaiter().GetResult();
        lock (_gate)
            Drain();
    }

    private void Add(LogLevel level, string category, string message, Exception? exception)
    {
        lock (_gate)
        {
            var time = _lines.GetSpan(32);
            _time.GetUtcNow().UtcDateTime.TryFormat(time, out var length, "yyyy-MM-ddTHH:mm:ss.fffZ");
            _lines.Advance(length);
            Encoding.UTF8.GetBytes(Name(level), _lines);
            Encoding.UTF8.GetBytes(category, _lines);
            _lines.Write(": "u8);
            Encoding.UTF8.GetBytes(message, _lines);
            _lines.Write("\n"u8);
            // What an operator has set wrong is a sentence; where in the program it was found is of no use.
            if (exception is not null)
                Encoding.UTF8.GetBytes(
                    $"{(exception is ConfigurationProblem ? exception.Message : exception)}\n",
                    _lines
                );
            // Whoever logs faster than the output takes it waits for the output; and at the end nobody gathers lines any more.
            if (_isStopping || _lines.WrittenCount > WriteAtOnceBytes)
                Drain();
        }

        Signal();
    }

    private void Signal()
    {
        if (_pending.CurrentCount > 0)
            return;
        try
        {
            _pending.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another line asked first.
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
            _output.Write(_lines.WrittenSpan);
            _output.Flush();
        }
        catch (IOException)
        {
            // Standard output is closed or full. The server goes on without its log rather than not at all.
        }

        _lines.ResetWrittenCount();
    }

    private static string Name(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => " trace ",
            LogLevel.Debug => " debug ",
            LogLevel.Information => " info ",
            LogLevel.Warning => " warn ",
            LogLevel.Error => " error ",
            _ => " fatal ",
        };

    private sealed class Category(LineConsole console, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => console.Add(logLevel, name, formatter(state, exception), exception);
    }
}
