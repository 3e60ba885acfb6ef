using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using CareCoordination.Application.Settings;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Exchange.Settings;

namespace CareCoordination.Exchange.Hospitals;

/// <summary>
/// Listens for hospitals that send by MLLP. A place that is taken stops the start; connections are taken once the server answers, and no
/// more at a time than the settings allow.
/// </summary>
public sealed class MllpListener(
    HospitalOptions options,
    MllpLine line,
    IHostApplicationLifetime lifetime,
    ILogger<MllpListener> log
) : BackgroundService
{
    private readonly ConcurrentDictionary<Task, byte> _open = new();
    private TcpListener? _listener;

    /// <summary>Where it listens; null where it does not.</summary>
    public IPEndPoint? EndPoint => (IPEndPoint?)_listener?.LocalEndpoint;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Mllp is not { } mllp)
            return Task.CompletedTask;
        _listener = new TcpListener(mllp.EndPoint);
        try
        {
            _listener.Start();
        }
        catch (SocketException problem)
        {
            throw new ConfigurationProblem(
                $"Transitions:Mllp:Port is '{mllp.EndPoint}'; nothing can listen there ({problem.Message})."
            );
        }

        Log.MllpListening(log, EndPoint!.ToString(), mllp.Certificate is null ? "without TLS" : "with TLS");
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Takes no more; ends when the messages that are being worked on are answered.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        _listener?.Dispose();
        await Task.WhenAll(_open.Keys)
            .WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await StartedAsync(stoppingToken))
            return;
        using var places = new SemaphoreSlim(options.Mllp!.MaxConnections);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await places.WaitAsync(stoppingToken);
                var socket = await _listener!.AcceptSocketAsync(stoppingToken);
                Begin(socket, places, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (SocketException problem)
            {
                // Who was about to connect has gone; the place is free.
                places.Release();
                Log.MllpEnded(log, problem.SocketErrorCode.ToString());
            }
        }

        await Task.WhenAll(_open.Keys);
    }

    private void Begin(Socket socket, SemaphoreSlim places, CancellationToken stopping)
    {
        var serving = ServeAsync(socket, places, stopping);
        _open.TryAdd(serving, 0);
        _ = serving.ContinueWith(done => _open.TryRemove(done, out _), TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket socket, SemaphoreSlim places, CancellationToken stopping)
    {
        // What is done for the connection is not done by whoever takes the next.
        await Task.Yield();
        try
        {
            await line.ServeAsync(socket, stopping);
        }
        finally
        {
            socket.Dispose();
            places.Release();
        }
    }

    private async Task<bool> StartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var begun = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await using var ended = stopping.Register(() => started.TrySetCanceled(stopping));
        await ((Task)started.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return started.Task.IsCompletedSuccessfully;
    }
}
