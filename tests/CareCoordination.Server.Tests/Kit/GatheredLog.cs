using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>What a server logs, to be given to <see cref="TestServer"/> with its services; its level is set as for any other log.</summary>
internal sealed class GatheredLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, EventId Id, string Text)> _lines = new();

    public void AddTo(IServiceCollection services) => services.AddSingleton<ILoggerProvider>(this);

    /// <summary>The lines of a category, by the end of its name, and of an event where one is given.</summary>
    public IReadOnlyList<string> Of(string category, int? id = null) =>
        [
            .. _lines
                .Where(l => l.Category.EndsWith(category, StringComparison.Ordinal) && (id ?? l.Id.Id) == l.Id.Id)
                .Select(l => l.Text),
        ];

    /// <summary>Every line.</summary>
    public IReadOnlyList<string> All => [.. _lines.Select(l => l.Text)];

    public ILogger CreateLogger(string categoryName) => new Lines(categoryName, _lines);

    public void Dispose() { }

    private sealed class Lines(string category, ConcurrentQueue<(string, EventId, string)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Enqueue((category, eventId, formatter(state, exception)));
    }
}
