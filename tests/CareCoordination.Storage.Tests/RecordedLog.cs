using System.Collections.Concurrent;
using CareCoordination.Storage.Stores;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Storage.Tests;

/// <summary>What a store has logged.</summary>
internal sealed class RecordedLog : ILogger<ResourceStore>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IReadOnlyList<(LogLevel Level, string Text)> Lines => [.. _lines];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _lines.Enqueue((logLevel, formatter(state, exception)));
}
