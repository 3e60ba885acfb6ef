using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using CareCoordination.Connectors.Diagnostics;
using CareCoordination.Connectors.Partners;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Connectors.Tests;

/// <summary>What is measured, traced and logged of a partner, and that no patient is in it.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private static readonly string[] OfThePatient = ["Neill", "Ana", "MRN-5", "Food", "Z59.41", "SUB-1", "p1"];

    private readonly string _id = $"partner-{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<string> _told = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _traces;
    private ScriptedPartner _partner = null!;

    public TelemetryTests()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Telemetry.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((i, value, tags, _) => Tell(i, $"{value}", tags));
        _meters.SetMeasurementEventCallback<double>((i, _, tags, _) => Tell(i, "some", tags));
        _meters.Start();
        _traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = a =>
            {
                if ((string?)a.GetTagItem("partner") == _id)
                    _told.Enqueue($"{a.DisplayName} {string.Join(' ', a.Tags.Select(t => $"{t.Key}={t.Value}"))}");
            },
        };
        ActivitySource.AddActivityListener(_traces);
    }

    public async ValueTask InitializeAsync() => _partner = await ScriptedPartner.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        _traces.Dispose();
        await _partner.DisposeAsync();
    }

    [Fact]
    public async Task A_delivery_is_counted_measured_traced_and_logged_by_ids()
    {
        _partner.Answer = (_, c) => c.TaskAsync(201, "7", 1, Samples.Copy("7", 1, "requested"));

        await SendAsync(1, Lines.Plain);

        Assert.Equal(
            [
                "carecoordination.connectors.attempts 1 answer=Accepted partner=ID request=send status=201",
                "carecoordination.connectors.duration some kind=send outcome=delivered partner=ID",
                "carecoordination.connectors.outcomes 1 kind=send outcome=delivered partner=ID",
                "log Debug ID send 0193f2a0-7c1e-7000-8000-00000000000a: delivered (null)",
                "send referral partner=ID kind=send delivery=0193f2a0-7c1e-7000-8000-00000000000a outcome=Delivered",
            ],
            Told()
        );
    }

    [Fact]
    public async Task A_breaker_that_opens_is_counted_and_logged_and_nothing_tells_of_the_patient()
    {
        _partner.Answer = (_, c) => c.JsonAsync(500, """{"resourceType":"OperationOutcome","text":"Ana O'Neill"}""");

        await SendAsync(3, Lines.Plain with { BreakerFailures = 2 });
        _partner.Answer = (_, c) => c.JsonAsync(422, """{"resourceType":"OperationOutcome","text":"Ana O'Neill"}""");
        await SendAsync(1, Lines.Plain);

        var told = Told();
        Assert.Contains("carecoordination.connectors.breaker.open 1 partner=ID", told);
        // The connector was closed with its breaker open, which is then nobody's any more.
        Assert.Contains("carecoordination.connectors.breaker.open -1 partner=ID", told);
        Assert.Contains("log Warning ID is left alone for 30 s after 2 failures in a row", told);
        Assert.DoesNotContain(told, t => OfThePatient.Any(w => t.Contains(w, StringComparison.Ordinal)));
    }

    private async Task SendAsync(int times, PartnerOptions options)
    {
        using var logs = new Logs(_told);
        using var connectors = new PartnerConnectors(Lines.Loopback, logs, TimeProvider.System);
        for (var i = 0; i < times; i++)
            await connectors
                .For(new Partner(_id, _partner.Address, options))
                .SendAsync(Samples.Package(), CancellationToken.None);
    }

    private string[] Told() =>
        [.. _told.Select(t => t.Replace(_id, "ID", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private void Tell(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var sorted = tags.ToArray().OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Value}");
        // Other tests run at the same time, with partners of their own.
        if (tags.ToArray().Any(t => Equals(t.Value, _id)))
            _told.Enqueue($"{instrument.Name} {value} {string.Join(' ', sorted)}");
    }

    private sealed class Logs(ConcurrentQueue<string> told) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => told.Enqueue($"log {logLevel} {formatter(state, exception)}");

        public void Dispose() { }
    }
}
